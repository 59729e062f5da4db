import { describe, expect, test } from 'vitest';
import { listBlocks, readPages } from './pages.ts';

/** Every line of the command blocks, with its continuation lines. */
const lines = listBlocks(await readPages(), 'sh').flatMap(({ page, line, text }) =>
  text
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((command) => ({ where: `${page}:${line}`, command })),
);

const listWrong = (pattern: RegExp, isRight: (command: string) => boolean): string[] => {
  const found = lines.filter(({ command }) => pattern.test(command));
  expect(found.length).toBeGreaterThan(3);
  return found.filter(({ command }) => !isRight(command)).map(({ where, command }) => `${where}: ${command}`);
};

/** Operations whose answer is printed as text. */
const listAsText = (command: string): string[] =>
  [...command.matchAll(/\baws ((?:(?!\baws ).)*?--output text.*)/g)].map(([, call = '']) => call);

/** Does the operation answer with a list, which may come in pages? A named stack is one thing. */
const isListing = (call: string): boolean =>
  /^\S+ (describe|list)-/.test(call) && !/^cloudformation describe-stacks .*--stack-name /.test(call);

describe('what AWS answers', () => {
  test('values of a metric come in any order: they are put in the order of time', () => {
    const sorted = /--query 'sort_by\(Datapoints, &Timestamp\)\[\]\.\[Timestamp, (\w+)\]'/;
    const isRight = (command: string) => {
      const [, statistic] = /--statistics (\w+)/.exec(command) ?? [];
      return statistic !== undefined && sorted.exec(command)?.[1] === statistic;
    };
    expect(listWrong(/get-metric-statistics/, isRight)).toEqual([]);
  });

  test('reports are listed by their ids: the newest is found by time', () => {
    expect(listWrong(/aws s3 ls .*--recursive/, (command) => / \| sort \| tail -\d+$/.test(command))).toEqual(
      [],
    );
  });

  // As text, the AWS CLI applies --query to each page by itself, and prints one answer per page.
  test('lists are never asked for as text', () => {
    const isRight = (command: string) => !listAsText(command).some(isListing);
    expect(listWrong(/--output text/, isRight)).toEqual([]);
  });
});

test.each([
  ['aws rds describe-db-clusters --output text', true],
  ['aws rds stop-db-cluster --queue $(aws sqs list-queues --output text)', true],
  ['aws rds describe-db-clusters --filters $(aws sqs get-queue-url --output text)', false],
  ['aws cloudformation describe-stacks --stack-name a --output text', false],
  ['aws cloudformation describe-stacks --output text', true],
])('%s: asks for a list as text: %s', (command, isWrong) => {
  expect(listAsText(command).some(isListing)).toBe(isWrong);
});
