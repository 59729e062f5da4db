/** The engines that this machine can play. MariaDB plays Aurora MySQL. */
export const engineNames = ['postgres', 'mysql'] as const;

export type EngineName = (typeof engineNames)[number];
