/** Each room of shared/, and the other rooms that it may import. */
export declare const mayImport: Record<string, string[]>;

declare const rules: { forbidden: unknown[]; options: Record<string, unknown> };
export default rules;
