import './checkMailboxes';
import './checkMailboxBatch';
import './checkApplications';
import './metrics';
import './status';
