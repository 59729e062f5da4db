import { expect, test } from 'vitest';
import { mergeParameters } from '../../../shared/aurora/parameters.ts';

const parameter = (name: string, value: string, isSet = true) => ({ name, value, isSet });

test('value in both groups: the one that somebody set for the instance wins, its default does not', () => {
  const cluster = [parameter('a', 'cluster'), parameter('b', 'cluster'), parameter('c', 'cluster', false)];
  const instance = [
    parameter('a', 'instance'),
    parameter('b', 'default', false),
    parameter('d', 'own', false),
  ];
  expect(mergeParameters(cluster, instance)).toEqual({
    a: 'instance',
    b: 'cluster',
    c: 'cluster',
    d: 'own',
  });
});
