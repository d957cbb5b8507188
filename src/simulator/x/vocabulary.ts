import type { Call, Simulation } from '../simulation.ts'
import { invalidParameter } from './errors.ts'

/** The words of one spelling of the API. The request's spelling decides the answer's. */
export interface Vocabulary {
  readonly selector: string
  readonly reposts: string
  readonly posts: string
  readonly references: string
  readonly referencesExpansion: string
  readonly note: string
  readonly edits: string
  readonly included: string
}

const TWEETS: Vocabulary = {
  selector: 'tweet.fields',
  reposts: 'retweet_count',
  posts: 'tweet_count',
  references: 'referenced_tweets',
  referencesExpansion: 'referenced_tweets.id',
  note: 'note_tweet',
  edits: 'edit_history_tweet_ids',
  included: 'tweets',
}

const POSTS: Vocabulary = {
  selector: 'post.fields',
  reposts: 'repost_count',
  posts: 'post_count',
  references: 'referenced_posts',
  referencesExpansion: 'referenced_posts',
  note: 'note_post',
  edits: 'edit_history_post_ids',
  included: 'posts',
}

/** The words that a call's answer uses. Refuses the older selector where the switch says so. */
export function vocabularyOf(call: Call, simulation: Simulation): Vocabulary {
  const isNewOnly = simulation.switches.xVocabulary === 'new_only'
  if (isNewOnly && call.query.has(TWEETS.selector)) {
    const message = `The query parameter [${TWEETS.selector}] is not one of [${POSTS.selector}]`
    throw invalidParameter(call, simulation, TWEETS.selector, message)
  }
  return isNewOnly || call.query.has(POSTS.selector) ? POSTS : TWEETS
}
