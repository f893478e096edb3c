import { expect, it } from 'vitest';
import { formatTags, parseTags, withTag } from './logfmt';

it('reads tags', () => {
  expect(parseTags('  http.status_code=500 team.id=red ').tags).toEqual([
    { key: 'http.status_code', value: '500' },
    { key: 'team.id', value: 'red' },
  ]);
  expect(parseTags('msg="a \\"b\\" c=d" x=1').tags).toEqual([
    { key: 'msg', value: 'a "b" c=d' },
    { key: 'x', value: '1' },
  ]);
  expect(parseTags('').tags).toEqual([]);
  expect(parseTags('url=http://h/p?q').tags).toEqual([{ key: 'url', value: 'http://h/p?q' }]);
});

it('says what is no tag', () => {
  expect(parseTags('red').error).toContain('red');
  expect(parseTags('a=1 = b=2').error).toBeDefined();
  expect(parseTags('a="open').error).toContain('a="open');
  expect(parseTags('a=').error).toContain('no value');
});

it('writes what it reads', () => {
  const tags = [
    { key: 'a', value: 'plain' },
    { key: 'b', value: 'with blank' },
    { key: 'c', value: 'quote " and \\ slash' },
  ];
  expect(parseTags(formatTags(tags)).tags).toEqual(tags);
  expect(withTag('a=1 b=2', { key: 'a', value: '3' })).toBe('b=2 a=3');
});
