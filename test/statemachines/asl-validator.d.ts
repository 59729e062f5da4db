/** asl-validator brings no types of its own. */
declare module 'asl-validator' {
  const validate: (
    definition: unknown,
    options: { checkPaths: boolean; checkArn: boolean },
  ) => { isValid: boolean; errorsText: (separator: string) => string };
  export default validate;
}
