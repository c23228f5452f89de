import fc from 'fast-check';

// What lands must not depend on luck: there everyone looks at the same cases. Elsewhere each run looks at new ones.
if (process.env.CI) fc.configureGlobal({ seed: 20_260_609 });
