import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parse } from 'yaml';

/** The function's setting in serverless.yml. */
export const readNodeOptions = async (name: string): Promise<string> => {
  const text = await readFile(new URL('../serverless.yml', import.meta.url), 'utf8');
  // Ignores CloudFormation's own tags, such as !Ref.
  const { functions } = parse(text, { logLevel: 'silent' });
  const options = functions[name]?.environment?.NODE_OPTIONS;
  if (typeof options !== 'string') throw new Error(`serverless.yml has no NODE_OPTIONS for ${name}`);
  return options;
};

/** Bundles a script of this folder as functions are. @returns the path of the bundle, in the folder given */
export const bundleAsForLambda = async (script: string, folder: string): Promise<string> => {
  const outfile = join(folder, script.replace(/\.ts$/, '.mjs'));
  await build({
    entryPoints: [new URL(script, import.meta.url).pathname],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    external: ['pg-native'],
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
  });
  return outfile;
};
