import { enumOf } from '../enums.ts'

export const ContentType = enumOf(
  'ContentType',
  'What a publication is, as its platform shows it.',
  {
    text: 'Words alone.',
    link: 'Words with a preview of a page.',
    image: 'One picture.',
    carousel: 'Several pictures or videos to leaf through.',
    video: 'A video. Has a video record.',
    reel: 'A short vertical video. Has a video record.',
    short: 'A short vertical video. Has a video record.',
    story: 'Content that disappears after a day.',
    other: 'Anything else, and content whose kind the platform did not tell.',
  },
)
