import { describe, expect, it } from 'vitest';
import { fillMarkers } from '../../../bench/documents/fill-markers.ts';

const parts = new Map<string, string | null>([
  ['one', '| 1 |'],
  ['two', '$& costs $1'],
  ['unmeasured', null],
]);
const fill = (markdown: string): string => fillMarkers(markdown, (name) => parts.get(name), 'page.md');

describe('the figures of a document', () => {
  it('stand between their markers, in place of what was there, and leave everything else alone', () => {
    const page =
      'a\n<!-- figures:one -->\nold\n<!-- /figures:one -->\nb\n<!-- figures:two -->\n<!-- /figures:two -->\n';
    const filled = fill(page);
    expect(filled).toBe(
      'a\n<!-- figures:one -->\n\n| 1 |\n\n<!-- /figures:one -->\nb\n<!-- figures:two -->\n\n$& costs $1\n\n<!-- /figures:two -->\n',
    );
    expect(fill(filled)).toBe(filled);
  });

  it('stay as they are where nothing was measured', () => {
    const page = '<!-- figures:unmeasured -->\nold\n<!-- /figures:unmeasured -->';
    expect(fill(page)).toBe(page);
  });

  it('are never left out in silence', () => {
    expect(() => fill('<!-- figures:on -->\n<!-- /figures:on -->')).toThrow(
      'page.md: there are no figures of the name on',
    );
    expect(() => fill('<!-- figures:one -->\n')).toThrow('page.md: 1 of its markers of figures have no partner');
    expect(() => fill('<!-- figures:one -->\n<!-- /figures:two -->')).toThrow('figures:one is closed by /figures:two');
    expect(() => fill('<!-- /figures:one -->\n')).toThrow('have no partner');
  });
});
