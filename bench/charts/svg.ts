type Attributes = Readonly<Record<string, string | number>>;

/** One element as text. What goes between its tags is markup already: words pass through `words` first. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`);
  const open = `<${name}${written.join('')}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join('')}</${name}>`;
}

export function words(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function attribute(value: string | number): string {
  // A tenth of a pixel is less than anybody sees, and keeps the files small and their differences readable.
  return typeof value === 'number' ? String(Math.round(value * 10) / 10) : words(value).replaceAll('"', '&quot;');
}
