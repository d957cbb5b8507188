/** What the feed of changes tells of. */
export type ChangeSubject = 'account' | 'publication' | 'video'

/** A place in the feed of changes, which is in the order of commits. */
export interface ChangePlace {
  /** The workspace's data version that the transaction of the change led to. */
  version: number
  subject: ChangeSubject
  subjectId: string
}

/** An entry of the feed: something whose numbers or state a transaction changed. */
export interface Change extends ChangePlace {
  at: Date
}
