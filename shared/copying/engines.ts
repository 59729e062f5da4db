import type { DatabaseAddress } from '../database/port.ts';
import type { Extraction } from './port.ts';

/** Copies between servers of either engine. The address says which. */
export const joinExtractions = ({
  postgres,
  mysql,
}: Record<'postgres' | 'mysql', Extraction>): Extraction => {
  const of = ({ engine }: DatabaseAddress): Extraction => (engine === 'aurora-mysql' ? mysql : postgres);
  return {
    describeTables: (copy, request, limits) => of(copy).describeTables(copy, request, limits),
    inspectSandbox: (sandbox, limits) => of(sandbox.address).inspectSandbox(sandbox, limits),
    makeSchema: (sandbox, tables, limits) => of(sandbox.address).makeSchema(sandbox, tables, limits),
    openCopying: (copy, sandbox, options) => of(copy).openCopying(copy, sandbox, options),
    finish: (sandbox, tables, limits) => of(sandbox.address).finish(sandbox, tables, limits),
    markSchema: (sandbox, why, limits) => of(sandbox.address).markSchema(sandbox, why, limits),
  };
};
