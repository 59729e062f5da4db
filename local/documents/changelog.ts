import { readFile, writeFile } from 'node:fs/promises';

const file = 'CHANGELOG.md';
const unreleased = '## [Unreleased]';

/**
 * What has changed since the last release becomes the section of this version.
 * @param date of the release, as 2026-11-29
 * @throws Error when the changelog has that version already, or nothing unreleased
 */
export const releaseChanges = (changelog: string, version: string, date: string): string => {
  const heading = `## [${version}]`;
  if (changelog.includes(heading)) throw new Error(`${file} has a section ${heading} already`);
  if (readChanges(changelog, 'Unreleased') === '') throw new Error(`${file} has nothing under ${unreleased}`);
  return changelog.replace(unreleased, `${unreleased}\n\n${heading} - ${date}`);
};

/** The section of a version, without its heading. @throws Error when there is none */
export const readChanges = (changelog: string, version: string): string => {
  const lines = changelog.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`## [${version}]`));
  if (start < 0) throw new Error(`${file} has no section ## [${version}]; npm version makes it`);
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('## '));
  const end = length < 0 ? lines.length : start + 1 + length;
  return lines
    .slice(start + 1, end)
    .join('\n')
    .trim();
};

// npm version runs "release", and the release workflow "show".
if (import.meta.main) {
  const [command, version = ''] = process.argv.slice(2);
  const changelog = await readFile(file, 'utf8');
  try {
    if (command === 'release') {
      await writeFile(file, releaseChanges(changelog, version, new Date().toISOString().slice(0, 10)));
    } else if (command === 'show') {
      console.log(readChanges(changelog, version));
    } else {
      throw new Error('usage: npm run changelog -- release|show VERSION');
    }
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
