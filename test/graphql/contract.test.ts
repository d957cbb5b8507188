import { readFileSync } from 'node:fs'
import {
  buildSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
} from 'graphql'
import { describe, expect, test } from 'vitest'

const read = (path: string) => buildSchema(readFileSync(new URL(path, import.meta.url), 'utf8'))
const contract = read('./contract.graphql')
const schema = read('../../schema.graphql')

const ours = (type: GraphQLNamedType) => !isIntrospectionType(type) && !isSpecifiedScalarType(type)
const typesOf = (from: typeof schema) => Object.values(from.getTypeMap()).filter(ours)

/** Everything that a type promises, one line each. */
function promisesOf(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map(({ name }) => name)
  if (isUnionType(type)) return type.getTypes().map(({ name }) => name)
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => `${field.name}: ${field.type}`)
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  const interfaces = type.getInterfaces().map(({ name }) => `implements ${name}`)
  const fields = Object.values(type.getFields()).flatMap((field) => [
    `${field.name}: ${field.type}`,
    ...field.args.map((arg) => `${field.name}(${arg.name}: ${arg.type})`),
  ])
  return [...interfaces, ...fields]
}

describe.each(typesOf(contract).map((type) => ({ name: type.name, type })))('$name', ({ type }) => {
  test('is in the schema with all that it promises', () => {
    const printed = schema.getType(type.name)
    expect(printed?.astNode?.kind).toBe(type.astNode?.kind)
    expect(printed && promisesOf(printed)).toEqual(expect.arrayContaining(promisesOf(type)))
  })
})

test('enums and unions have no member that clients do not expect', () => {
  const closed = typesOf(contract).filter((type) => isEnumType(type) || isUnionType(type))
  for (const type of closed) {
    const printed = schema.getType(type.name)
    expect(printed && promisesOf(printed).sort()).toEqual(promisesOf(type).sort())
  }
})

test('every type says what it is', () => {
  const silent = typesOf(schema).filter((type) => !type.description)
  expect(silent.map(({ name }) => name)).toEqual([])
})

test('every field of a platform says which of the platform’s numbers it is', () => {
  const members = typesOf(schema).filter(({ name }) => /(Account|Post|Video)Metrics$/.test(name))
  const fields = members
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type: type.name, field })))
  expect(members.filter(isObjectType)).toHaveLength(18)
  expect(fields.filter(({ field }) => !field.description)).toEqual([])
})
