// The tag filter's language: `key=value key="a value with blanks"`, as Tempo's search takes it.

export interface Tag {
  key: string;
  value: string;
}

export type Parsed = { tags: Tag[]; error?: undefined } | { tags?: undefined; error: string };

const TOKEN = /\s*([^\s="]+)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?=\s|$)/y;

export function parseTags(text: string): Parsed {
  const tags: Tag[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) {
      const rest = text.slice(at).trim().split(/\s/)[0]!;
      return { error: `Write tags as key=value, with blanks inside quotes. This is not one: ${rest}` };
    }
    const raw = match[2]!;
    const value = raw.startsWith('"') ? raw.slice(1, -1).replace(/\\(.)/g, '$1') : raw;
    if (value === '') return { error: `The tag ${match[1]} has no value: write ${match[1]}=value` };
    tags.push({ key: match[1]!, value });
  }
  return { tags };
}

export function formatTag({ key, value }: Tag): string {
  const plain = value !== '' && !/[\s"=\\]/.test(value);
  return `${key}=${plain ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`;
}

export function formatTags(tags: Tag[]): string {
  return tags.map(formatTag).join(' ');
}

/** Adds a tag; one with the same key is replaced, since all tags must hold at once. */
export function withTag(text: string, tag: Tag): string {
  const tags = parseTags(text).tags ?? [];
  return formatTags([...tags.filter((t) => t.key !== tag.key), tag]);
}
