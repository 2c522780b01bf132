// A page as people read it.

import type { Site } from '../../src/web/site.ts';
import { type Answers, statusPage } from './fixtures.ts';

/** The words of a page in reading order, without its head. */
export async function read(path: string, answers: Answers = {}, deps: Partial<Site> = {}): Promise<string> {
  const html = await statusPage(answers, deps).text(path);
  return (html.split('</head>')[1] ?? '')
    .replaceAll(/<\/?bdi>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ');
}
