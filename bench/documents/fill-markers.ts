/** A part by its name; null: it is of something that was not measured; undefined: there is no such part. */
export type PartOf = (name: string) => string | null | undefined;

const MARKED = /<!-- figures:(\S+) -->\n(.*?)<!-- \/figures:(\S+) -->/gs;
const MARKER = /<!-- \/?figures:\S+ -->/g;

/**
 * Puts each part between its markers, `<!-- figures:NAME -->` and `<!-- /figures:NAME -->`, in place of what stands there;
 * where nothing was measured that stays as it is.
 * @throws Error where a marker has no partner, or there is no part of its name
 */
export function fillMarkers(markdown: string, partOf: PartOf, file: string): string {
  let paired = 0;
  const filled = markdown.replaceAll(MARKED, (found: string, name: string, _: string, closing: string) => {
    if (name !== closing) throw new Error(`${file}: figures:${name} is closed by /figures:${closing}`);
    const part = partOf(name);
    if (part === undefined) throw new Error(`${file}: there are no figures of the name ${name}`);
    paired += 2;
    return part === null ? found : `<!-- figures:${name} -->\n\n${part}\n\n<!-- /figures:${name} -->`;
  });
  const markers = markdown.match(MARKER)?.length ?? 0;
  if (markers !== paired) throw new Error(`${file}: ${markers - paired} of its markers of figures have no partner`);
  return filled;
}
