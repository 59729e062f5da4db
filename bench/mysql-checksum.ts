import type { Row } from './measure.ts';
export const benchMysqlChecksum = async (): Promise<Row[]> => [];
