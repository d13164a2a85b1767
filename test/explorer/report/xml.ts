/** Whether a text is well-formed XML, as far as our pictures use it: balanced elements, quoted attributes, no stray marks. */

const ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i;
const ATTRIBUTE = /\s+[\w:-]+="([^"<]*)"/g;

/** The names of the elements, in the order in which they open. */
export function elementsOf(xml: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  const body = xml
    .replace(/^<\?xml[^>]*\?>/, '')
    .replace(/<!DOCTYPE[^>]*>/, '')
    .replace(/<!--[\s\S]*?-->/g, '');
  for (const [, text = '', tag = ''] of body.matchAll(/([^<]*)(<[^>]*>|$)/g)) {
    if (ENTITY.test(text) || ENTITY.test(tag)) throw new Error(`a bare & in '${text}${tag}'`);
    if (text.trim() !== '' && open.length === 0) throw new Error(`text outside of any element: '${text}'`);
    if (tag === '') continue;
    const closing = /^<\/([\w:-]+)>$/.exec(tag);
    if (closing !== null) {
      if (open.pop() !== closing[1]) throw new Error(`${tag} closes what is not open`);
      continue;
    }
    const [, name = '', attributes = '', single = ''] = /^<([\w:-]+)([\s\S]*?)(\/?)>$/.exec(tag) ?? [];
    if (name === '' || attributes.replace(ATTRIBUTE, '').trim() !== '') throw new Error(`not an element: ${tag}`);
    names.push(name);
    if (single === '') open.push(name);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(', ')}`);
  return names;
}

export function countOf(text: string, part: string | RegExp): number {
  return text.split(part).length - 1;
}
