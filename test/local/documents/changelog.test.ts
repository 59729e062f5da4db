import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readChanges, releaseChanges } from '../../../local/documents/changelog.ts';

const changelog = `# Changelog

## [Unreleased]

### Added

- Something new.

## [0.1.0] - 2026-01-02

- The beginning.
`;

test('a release: what was unreleased is its section, with its date, and nothing is unreleased', () => {
  const released = releaseChanges(changelog, '0.2.0', '2026-11-29');
  expect(released).toContain('\n## [Unreleased]\n\n## [0.2.0] - 2026-11-29\n\n### Added\n');
  expect(readChanges(released, '0.2.0')).toBe('### Added\n\n- Something new.');
  expect(readChanges(released, 'Unreleased')).toBe('');
  expect(readChanges(released, '0.1.0')).toBe('- The beginning.');
});

test('a version that is there already, or nothing to release: an error that says so', () => {
  expect(() => releaseChanges(changelog, '0.1.0', '2026-11-29')).toThrow('has a section ## [0.1.0] already');
  const released = releaseChanges(changelog, '0.2.0', '2026-11-29');
  expect(() => releaseChanges(released, '0.3.0', '2026-11-30')).toThrow('has nothing under ## [Unreleased]');
});

test('a version without a section: an error that says what makes one', () => {
  expect(() => readChanges(changelog, '9.9.9')).toThrow('no section ## [9.9.9]; npm version makes it');
});

test('CHANGELOG.md: what is unreleased can be read', async () => {
  expect(readChanges(await readFile('CHANGELOG.md', 'utf8'), 'Unreleased')).toMatch(/^### \w+\n/);
});
