import fc from 'fast-check';

// The same code gives the same result; FAST_CHECK_SEED looks elsewhere.
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20261123) });
