import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';

export type Resource = { Type: string; Properties: Record<string, unknown> };
export type Parameter = { Default: string; AllowedPattern: string };

/** The stack as `serverless package` makes it, in a temporary folder. */
export type PackagedStack = {
  template: {
    Resources: Record<string, Resource>;
    Parameters: Record<string, Parameter>;
    Conditions: Record<string, object>;
    Outputs: Record<string, object>;
  };
  /** The files of each function's zip, by name. */
  zips: Map<string, Record<string, Uint8Array>>;
  zipBytes: Map<string, number>;
  /** Unpacks a function's zip into its own folder, as Lambda does. @returns the path of the module */
  unpack(name: string): Promise<string>;
  /** A function's environment, with what is known before a deployment, and a silent log. */
  environmentOf(name: string): Record<string, string>;
  remove(): Promise<void>;
};

/** Packages the stack with the command of docs/install.md, without credentials and without a network: it needs neither. */
export const packageStack = async (): Promise<PackagedStack> => {
  const folder = await mkdtemp(join(tmpdir(), 'aurora-drills-package-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    return { ...(await readStack(folder)), remove };
  } catch (error) {
    await remove();
    throw error;
  }
};

const readStack = async (folder: string): Promise<Omit<PackagedStack, 'remove'>> => {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    // Serverless leaves a folder behind for each function.
    TMPDIR: folder,
    HTTPS_PROXY: 'http://127.0.0.1:9',
    SLS_TELEMETRY_DISABLED: '1',
    // A quarter of esbuild's work is collecting garbage in a heap that stays small. All of it fits in less than this.
    GOGC: 'off',
    GOMEMLIMIT: '1GiB',
  };
  await promisify(execFile)('npm', ['run', 'package', '--', '--package', folder], { env });
  const text = await readFile(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
  const template: PackagedStack['template'] = JSON.parse(text);
  const zips: PackagedStack['zips'] = new Map();
  const zipBytes: PackagedStack['zipBytes'] = new Map();
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.zip'))) {
    const zip = await readFile(join(folder, file));
    zips.set(file.replace('.zip', ''), unzipSync(zip));
    zipBytes.set(file.replace('.zip', ''), zip.length);
  }
  return {
    template,
    zips,
    zipBytes,
    unpack: async (name) => {
      const home = await mkdtemp(join(folder, `${name}-`));
      const files = Object.entries(zips.get(name) ?? {});
      for (const [file, bytes] of files) await writeFile(join(home, basename(file)), bytes);
      const [bundle = ''] = files.map(([file]) => basename(file)).filter((file) => file.endsWith('.mjs'));
      return join(home, bundle);
    },
    environmentOf: (name) => {
      const { Environment } = (template.Resources[`${name}LambdaFunction`]?.Properties ?? {}) as {
        Environment?: { Variables: Record<string, unknown> };
      };
      const variables = Object.entries(Environment?.Variables ?? {});
      const known = variables.filter((one): one is [string, string] => typeof one[1] === 'string');
      return { ...Object.fromEntries(known), POWERTOOLS_LOG_LEVEL: 'SILENT' };
    },
  };
};
