import type { JsonObject, JsonValue } from '../../domain/json.ts'
import type { MetricDefinition } from '../../domain/metric.ts'

/** The items of insights that answer metrics: `item.kind` is one kind in the value of an item. */
export function itemNames(metrics: readonly MetricDefinition[]): string[] {
  return [...new Set(metrics.map(({ wire }) => itemOf(wire)))]
}

/** The values of those items. Kinds that did not occur are left out, as are items without any. */
export function itemValues(
  numbers: Record<string, number>,
  metrics: readonly MetricDefinition[],
): Record<string, JsonValue> {
  const values: Record<string, JsonValue> = {}
  for (const { name, wire } of metrics) {
    const value = numbers[name]
    if (value === undefined) continue
    const item = itemOf(wire)
    if (item === wire) values[item] = value
    else {
      const kind = value > 0 ? { [wire.slice(item.length + 1)]: value } : {}
      values[item] = { ...(values[item] as JsonObject | undefined), ...kind }
    }
  }
  return values
}

function itemOf(wire: string): string {
  return wire.split('.')[0] ?? wire
}
