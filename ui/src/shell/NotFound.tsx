import { useLocation, useNavigate } from 'react-router';
import { HOME } from '../app/pages';
import { Failure } from '../parts/Failure';

export function NotFound() {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  return (
    <Failure
      title="There is no page at this address"
      what={`${pathname} is none of Tercet's pages. A link may have been cut short on its way.`}
      action={{ label: 'Go to traces', run: () => navigate(HOME) }}
    />
  );
}
