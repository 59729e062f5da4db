import { describe, expect, test } from 'vitest';
import type { Resource } from '../../bench/packaged-stack.ts';
import type { GetStack } from './stack.ts';

/** The resources that must exist before this one: by Ref, Fn::GetAtt, Fn::Sub or DependsOn. */
const findReferences = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => {
    if (key === 'Ref') return [inside];
    if (key === 'DependsOn') return [inside].flat();
    if (key === 'Fn::GetAtt') return [typeof inside === 'string' ? inside.split('.')[0] : inside[0]];
    const text: unknown = key === 'Fn::Sub' ? [inside].flat()[0] : undefined;
    const named = typeof text === 'string' ? text.matchAll(/\$\{([^!}.]+)[^}]*\}/g) : [];
    return [...[...named].map(([, id]) => id), ...findReferences(inside)];
  });
};

/** The first cycle among the resources, as a path that ends where it begins. CloudFormation refuses such a template. */
const findCycle = (resources: Record<string, unknown>): string[] | undefined => {
  const done = new Set<string>();
  const visit = (id: string, path: string[]): string[] | undefined => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    if (done.has(id) || !Object.hasOwn(resources, id)) return undefined;
    for (const next of findReferences(resources[id])) {
      const cycle = visit(next, [...path, id]);
      if (cycle !== undefined) return cycle;
    }
    done.add(id);
    return undefined;
  };
  for (const id of Object.keys(resources)) {
    const cycle = visit(id, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
};

export const testReferences = (getStack: GetStack) =>
  describe('references between resources', () => {
    test.each<[string, Record<string, unknown>]>([
      ['Ref', { Ref: 'A' }],
      ['Fn::GetAtt', { Nested: [{ 'Fn::GetAtt': ['A', 'Arn'] }] }],
      ['Fn::GetAtt as text', { 'Fn::GetAtt': 'A.Arn' }],
      ['Fn::Sub of a resource', { 'Fn::Sub': 'x ${AWS::Region} ${A}' }],
      ['Fn::Sub of an attribute', { 'Fn::Sub': '${A.Arn}/x' }],
      ['Fn::Sub with variables of its own', { 'Fn::Sub': ['${v}', { v: { Ref: 'A' } }] }],
      ['DependsOn', { DependsOn: ['Other', 'A'] }],
    ])('a circle by %s is found, and named', (_, reference) => {
      expect(findCycle({ A: { Ref: 'B' }, B: { Ref: 'C' }, C: reference })).toEqual(['A', 'B', 'C', 'A']);
    });

    test('two ways to one resource, a resource of others and a name that is escaped are no circle', () => {
      const A = { 'Fn::Sub': '${!A} ${Parameter} ${B} ${C}' };
      expect(findCycle({ A, B: { Ref: 'C' }, C: {} })).toBeUndefined();
    });

    test('the template has no circle', () => {
      const resources: Record<string, Resource> = getStack().template.Resources;
      expect(findReferences(resources).length).toBeGreaterThan(100);
      expect(findCycle(resources)?.join(' > ')).toBeUndefined();
    });
  });
