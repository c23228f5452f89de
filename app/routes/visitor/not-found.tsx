import { refusalResponse } from '~/http/refusal';

/** Every address that is none of ours; a form sent there finds nothing either. */
export const loader = () => {
  throw refusalResponse('no-such-address');
};
export const action = loader;

export default function NotFound() {
  return null;
}
