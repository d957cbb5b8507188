/** How a command is run in this project's folder: nothing puts `weir` on anybody's path. */
export function commandLine(...words: string[]): string {
  return ['npm run --silent weir --', ...words].join(' ')
}
