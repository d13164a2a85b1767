/** SVG as text: escaping, elements, and how wide a text will be. */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for XML and HTML; what XML has no way to write becomes a replacement character. */
export function escapeMarkup(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character)
    .replace(/\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu, (character) => (character === '\n' ? character : '\uFFFD'));
}

export type Attributes = Readonly<Record<string, string | number>>;

/** An element; `content` is markup, so text in it must have been escaped. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const text = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escapeMarkup(value)}"`)
    .join('');
  return content === '' ? `<${name}${text}/>` : `<${name}${text}>${content}</${name}>`;
}

/** A line of text. */
export function textElement(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escapeMarkup(text));
}

/** A length to a tenth of a pixel. */
export function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** About how wide a text is in a sans-serif font, in pixels; rather too wide than too narrow. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width * size;
}

function characterWidth(character: string): number {
  if (/[ijl.,:;'|!()[\]{} ]/.test(character)) return 0.36;
  if (/[mwMW@]/.test(character)) return 0.92;
  if (/[A-Z→]/.test(character)) return 0.72;
  return character.charCodeAt(0) > 0x2e80 ? 1 : 0.6;
}

/** The text in lines no wider than `width` pixels; a word that is too long is broken. */
export function wrapPixels(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  const fits = (candidate: string) => textWidth(candidate, size) <= width;
  for (const word of text.split(/\s+/).filter((candidate) => candidate !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const character of word) {
      if (!fits(line + character)) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  return line === '' ? lines : [...lines, line];
}

export const FONT = 'ui-sans-serif, system-ui, Helvetica, Arial, sans-serif';

/** A picture on white, with a title that is read out for it. */
export function picture(width: number, height: number, title: string, content: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${Math.ceil(height)}" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" role="img" font-family="${FONT}" font-size="12">`,
    `<title>${escapeMarkup(title)}</title>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...content,
    '</svg>',
    '',
  ].join('\n');
}

/** A title and, below it, what there is to say, in lines that fit. */
export function caption(
  { title, reason }: { readonly title: string; readonly reason: string },
  x: number,
  top: number,
  width: number,
  color: string,
): { readonly markup: string; readonly height: number } {
  const strong = wrapPixels(title, 14, width).map((text) => ({
    text,
    attributes: { 'font-size': 14, 'font-weight': 'bold', fill: color },
  }));
  const plain = wrapPixels(reason, 12, width).map((text) => ({ text, attributes: { fill: color } }));
  const lines = [...strong, ...plain];
  const markup = lines
    .map(({ text, attributes }, index) => textElement(x, top + index * 18, text, attributes))
    .join('\n');
  return { markup, height: lines.length * 18 };
}
