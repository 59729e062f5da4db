import { describe, expect, test } from 'vitest';
import { nameCommand } from '../../../local/command/command.ts';
import { DrillError } from '../../../shared/errors.ts';

describe('the hint of what was typed', () => {
  test('the general one names the command that was run', () => {
    const error = new DrillError('InvalidArguments', "unknown option '--bogus'");
    expect(nameCommand(error, '/somewhere/local/rewind.ts').message).toBe(
      "unknown option '--bogus'\nhint: see the options: npm run rewind -- --help",
    );
  });

  test.each([
    new DrillError('InvalidArguments', 'no such fault', { hint: '--fault list shows all' }),
    new DrillError('UnknownPlan', 'no such plan'),
  ])('a hint of its own stays: $message', (error) => {
    expect(nameCommand(error, 'local/rewind.ts')).toBe(error);
  });
});
