import { DrillError } from '../../../shared/errors.ts';
import { regionPattern } from '../../../shared/plan/posture-settings.ts';
import { parseWords } from '../arguments.ts';
import { describePolicy } from './policy.ts';

/** Which clusters are looked at: a model fleet on this machine, or those of an account in one Region. */
export type PostureScene =
  | { kind: 'model' }
  | { kind: 'account'; region: string; copyRegion: string | null; planFile: string | null };

export type PostureArguments = {
  scene: PostureScene;
  /** A rule that fails, or could not be read, makes the command fail. */
  isStrict: boolean;
  isJson: boolean;
  /** Opens the page in a browser at the end. */
  isOpened: boolean;
  reportFolder: string | null;
};

export type PostureCommand =
  | { kind: 'posture'; arguments: PostureArguments }
  | { kind: 'print'; text: string };

export const postureHelp = `Judges the settings that decide whether your clusters can be brought back: backups, protection, copies, logs.

usage: npm run posture [-- options]

Without --region it looks at a model fleet on this machine, on three days, with the function that runs in AWS.
With --region it looks at your account, with the AWS credentials of the environment. It needs no stack there, and
only describes.

  --region NAME   the Region to look at, such as eu-west-1
  --copy-region NAME
                  the Region that should have a copy of each cluster's snapshots, in place of the plans' copyRegion
  --plan FILE     what is expected of your clusters, in the format of plans.yml (default: the defaults of every rule)
  --policy        print the least IAM policy that --region needs, and do nothing
  --strict        exit code 1 also if a rule fails or could not be read, as a pipeline wants it
  --json          print only posture.json on stdout, of the model fleet one for each day, with what was told under
                  "messages"; all else goes to stderr (with npm run -s, which keeps npm's own lines away)
  --report DIR    where posture.json and posture.html go (default drill-reports/posture, or drill-reports/posture-REGION)
  --open          open the page in a browser at the end
  --help          this text

Colours and links appear only in a terminal; NO_COLOR=1 turns them off.

exit code: 0 judged, whatever came of it; 1 not judged; 2 wrong usage`;

const options = {
  region: { type: 'string' },
  'copy-region': { type: 'string' },
  plan: { type: 'string' },
  policy: { type: 'boolean' },
  strict: { type: 'boolean' },
  json: { type: 'boolean' },
  report: { type: 'string' },
  open: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Reads the command line. @throws DrillError InvalidArguments */
export const readPostureArguments = (words: string[]): PostureCommand => {
  const { help, policy, region, plan, strict, json, open, report, ...more } = parseWords(words, options);
  if (help) return { kind: 'print', text: postureHelp };
  if (policy) return { kind: 'print', text: describePolicy() };
  return {
    kind: 'posture',
    arguments: {
      scene: readScene({ region, 'copy-region': more['copy-region'], plan }),
      isStrict: strict ?? false,
      isJson: json ?? false,
      isOpened: open ?? false,
      reportFolder: report ?? null,
    },
  };
};

type SceneWords = { region: string | undefined; 'copy-region': string | undefined; plan: string | undefined };

const readScene = (words: SceneWords): PostureScene => {
  const { region, 'copy-region': copyRegion, plan } = words;
  if (region !== undefined) {
    return {
      kind: 'account',
      region: readRegion('region', region),
      copyRegion: copyRegion === undefined ? null : readRegion('copy-region', copyRegion),
      planFile: plan ?? null,
    };
  }
  const [alone] = Object.entries(words).flatMap(([option, word]) => (word === undefined ? [] : [option]));
  if (alone === undefined) return { kind: 'model' };
  throw new DrillError('InvalidArguments', `--${alone} says how to look at an account, and needs --region`, {
    hint: 'add --region NAME; without it, the command looks at a model fleet on this machine',
  });
};

const readRegion = (option: string, name: string): string => {
  if (regionPattern.test(name)) return name;
  throw new DrillError(
    'InvalidArguments',
    `--${option}: expected a Region such as eu-west-1, seen "${name}"`,
  );
};
