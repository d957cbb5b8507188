/** What work comes to; or something else, when it takes longer. The work itself goes on. */
export async function within<Result>(
  timeoutMs: number,
  work: Promise<Result>,
  late: Result,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<Result>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, late)
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
  }
}
