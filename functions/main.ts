import './checkMailboxes';
import './checkMailboxBatch';
import './checkApplications';
import './checkMonitor';
import './metrics';
import './status';
