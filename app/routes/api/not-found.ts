import { refuse } from '~/http/api-refusals';

/** Programs are told in their own format. */
export const loader = () => refuse('no-such-address');
