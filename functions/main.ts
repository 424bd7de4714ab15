import './checkMailboxes';
import './checkMailboxBatch';
import './checkApplications';
import './status';
