/** Whether parameters are those of one operation, nested no deeper than is allowed. */
export function isOneOperation(parameters: unknown, jsonDepthMax: number): boolean {
  return !Array.isArray(parameters) && !isDeeper(parameters, jsonDepthMax + 1)
}

function isDeeper(value: unknown, depthMax: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (depthMax === 0) return true
  for (const name in value) {
    if (isDeeper(Reflect.get(value, name), depthMax - 1)) return true
  }
  return false
}
