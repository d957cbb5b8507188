import type { Page, PageRequest } from '../domain/page.ts'
import type { Post } from '../domain/post.ts'
import type { PublicationFilter } from '../domain/publication.ts'
import type { Db } from '../store/connect.ts'
import { postCount, postPage, postsByIds } from '../store/posts.ts'
import { type Loader, loadOne, primePage } from './batch.ts'

/** The reads of posts. */
export interface PostLoaders {
  /** By id; null: the workspace has none with it. */
  post: Loader<Post | null>
  posts: {
    /** Newest first: posts with a publication that matches, or all when the filter is empty. */
    page(filter: PublicationFilter, page: PageRequest): Promise<Page<Post>>
    count(filter: PublicationFilter): Promise<number>
  }
}

/** The reads of posts of one workspace, for one request. */
export function createPostLoaders(db: Db, workspaceId: string): PostLoaders {
  const post = loadOne(
    (ids) => postsByIds(db, workspaceId, ids),
    (row: Post) => row.id,
  )
  return {
    post,
    posts: {
      page: (filter, page) =>
        primePage(postPage(db, workspaceId, filter, page), (row) => post.prime(row.id, row)),
      count: (filter) => postCount(db, workspaceId, filter),
    },
  }
}
