// Loads a module until its handler is there, and prints the time in milliseconds. Plain JavaScript, so that no compiler is
// measured.
const began = performance.now();
const { handler } = await import(process.argv[2]);
if (typeof handler !== 'function') throw new Error(`${process.argv[2]} has no handler`);
console.log(performance.now() - began);
