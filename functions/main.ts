import './checkMailboxes';
import './checkMailboxBatch';
import './checkApplications';
import './checkMonitor';
import './alerts';
import './metrics';
import './sendNotices';
import './status';
