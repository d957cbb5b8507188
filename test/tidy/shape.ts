import { lineOf, type Node, type Source, type Violation, walk } from './source.ts'

const FILE_LINES_MAX = 300
const FUNCTION_LINES_MAX = 60
const TEST_BODY_LINES_MAX = 35
const PARAMETERS_MAX = 4
const FUNCTIONS = /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/

/** Files that are too long to be read at once. */
export function fileLengthViolations(source: Source): Violation[] {
  const lines = source.text.trimEnd().split('\n').length
  return lines > FILE_LINES_MAX
    ? [`${source.path}: ${lines} lines (at most ${FILE_LINES_MAX})`]
    : []
}

/** Functions that do not fit on a screen; the bodies of tests are held to less. */
export function functionLengthViolations(source: Source): Violation[] {
  const found: Violation[] = []
  for (const { node, parent } of walk(source.program)) {
    if (!FUNCTIONS.test(node.type) || isSuite(parent)) continue
    const max = isTest(parent) ? TEST_BODY_LINES_MAX : FUNCTION_LINES_MAX
    const lines = lineOf(source, node.end) - lineOf(source, node.start) + 1
    const where = `${source.path}:${lineOf(source, node.start)}`
    if (lines > max) found.push(`${where}: a function of ${lines} lines (at most ${max})`)
  }
  return found
}

/** Functions that take more parameters than a reader can tell apart: those want one object. */
export function parameterViolations(source: Source): Violation[] {
  const found: Violation[] = []
  for (const { node } of walk(source.program)) {
    const count = FUNCTIONS.test(node.type) ? (node['params'] as unknown[]).length : 0
    const where = `${source.path}:${lineOf(source, node.start)}`
    if (count > PARAMETERS_MAX) found.push(`${where}: ${count} parameters`)
  }
  return found
}

/** Exported functions, interfaces and classes without a doc comment right above them. */
export function docCommentViolations(source: Source): Violation[] {
  if (!source.path.startsWith('src/')) return []
  const found: Violation[] = []
  for (const { node } of walk(source.program)) {
    const declaration = node['declaration'] as Node | null | undefined
    if (node.type !== 'ExportNamedDeclaration' || !declaration || !isPublic(declaration)) continue
    if (!hasDocComment(source, node)) {
      found.push(`${source.path}:${lineOf(source, node.start)}: exported without a doc comment`)
    }
  }
  return found
}

function isPublic(declaration: Node): boolean {
  if (/^(FunctionDeclaration|TSInterfaceDeclaration|ClassDeclaration)$/.test(declaration.type)) {
    return true
  }
  const declared = (declaration['declarations'] ?? []) as Node[]
  return declared.some((each) => FUNCTIONS.test((each['init'] as Node | null)?.type ?? ''))
}

function hasDocComment(source: Source, node: Node): boolean {
  return source.comments.some(
    (comment) =>
      comment.value.startsWith('*') &&
      comment.end <= node.start &&
      source.text.slice(comment.end, node.start).trim() === '',
  )
}

function calleeOf(parent: Node | null): string {
  if (parent?.type !== 'CallExpression') return ''
  const callee = parent['callee'] as Node
  const base = callee.type === 'MemberExpression' ? (callee['object'] as Node) : callee
  const inner = base.type === 'CallExpression' ? (base['callee'] as Node) : base
  const name = inner.type === 'MemberExpression' ? (inner['object'] as Node) : inner
  return String(name['name'] ?? '')
}

function isTest(parent: Node | null): boolean {
  return /^(test|it)$/.test(calleeOf(parent))
}

// A suite's callback is only a folder of tests.
function isSuite(parent: Node | null): boolean {
  return calleeOf(parent).startsWith('describe')
}
