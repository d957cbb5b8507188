/** One piece of content, wherever it was published. */
export interface Post {
  workspaceId: string
  id: string
  text: string | null
  createdAt: Date
}
