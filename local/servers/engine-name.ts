/** The servers that can stand in for Aurora's on this machine; what MariaDB plays is Aurora MySQL. */
export const engineNames = ['postgres', 'mysql'] as const;

export type EngineName = (typeof engineNames)[number];
