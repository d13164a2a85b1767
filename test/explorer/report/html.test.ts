import { expect, test } from 'vitest';
import { traceHtml } from '../../../explorer/report/html.ts';
import courier from './courier.ts';
import { script } from './script.ts';
import { countOf, elementsOf } from './xml.ts';

const LINES = ['c1 asks n1: deliver "<&\\">"', 'n2 receives Parcel "<&\\">" from n1'] as const;

function page(): string {
  const instance = courier.build({ content: '<&">' }, null);
  const parameters = { content: '<&">' };
  return traceHtml(instance, {
    ...script(instance, ...LINES),
    property: 'kept',
    system: 'courier',
    parameters,
    mutant: null,
  });
}

test('a page holds the picture and the story of a run', () => {
  const html = page();
  expect(html).toContain('<title>courier: kept is reached</title>');
  expect(countOf(html, '<svg ')).toBe(1);
  expect(countOf(html, '<li class="step"')).toBe(2);
  expect(html).toContain('<span class="about">kept:</span> none -&gt; &quot;&lt;&amp;\\&quot;&gt;&quot;');
});

test('a page needs nothing else, and what messages hold does not break it', () => {
  const html = page();
  expect(html).not.toMatch(/(?:src|href)=/);
  const body = html.slice(html.indexOf('<body>'), html.indexOf('<script>'));
  elementsOf(`${body}</body>`);
});

test('each step of the story finds its row in the picture', () => {
  const html = page();
  for (const [, step] of html.matchAll(/data-step="(\d+)"/g)) expect(html).toContain(`id="band-${step}"`);
});

test('a page is the same every time', () => expect(page()).toBe(page()));
