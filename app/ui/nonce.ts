import { createContext } from 'react';

/** The answer's nonce, for the scripts of its page; undefined in the browser, which hides it. */
export const NonceContext = createContext<string | undefined>(undefined);
