"""Which handler carries out which command or query that follows from the spec."""

from app.authorization.dispatch import Dispatcher
from app.commands.accounts.update_tenant import UpdateTenant, UpdateTenantHandler
from app.commands.attachments.create_attachment import CreateAttachment, CreateAttachmentHandler
from app.commands.attachments.delete_attachment import DeleteAttachment, DeleteAttachmentHandler
from app.commands.comments.create_comment import CreateComment, CreateCommentHandler
from app.commands.comments.delete_comment import DeleteComment, DeleteCommentHandler
from app.commands.comments.restore_comment import RestoreComment, RestoreCommentHandler
from app.commands.comments.update_comment import UpdateComment, UpdateCommentHandler
from app.commands.inbox.receive_message import ReceiveMessage, ReceiveMessageHandler
from app.commands.jobs.cancel_job import CancelJob, CancelJobHandler
from app.commands.jobs.cancel_run import CancelRun, CancelRunHandler
from app.commands.jobs.discard_job import DiscardJob, DiscardJobHandler
from app.commands.jobs.discard_jobs import DiscardJobs, DiscardJobsHandler
from app.commands.jobs.replay_job import ReplayJob, ReplayJobHandler
from app.commands.jobs.replay_jobs import ReplayJobs, ReplayJobsHandler
from app.commands.labels.create_label import CreateLabel, CreateLabelHandler
from app.commands.labels.delete_label import DeleteLabel, DeleteLabelHandler
from app.commands.labels.update_label import UpdateLabel, UpdateLabelHandler
from app.commands.projects.archive_project import ArchiveProject, ArchiveProjectHandler
from app.commands.projects.create_project import CreateProject, CreateProjectHandler
from app.commands.projects.delete_project import DeleteProject, DeleteProjectHandler
from app.commands.projects.link_project_member import LinkProjectMember, LinkProjectMemberHandler
from app.commands.projects.unarchive_project import UnarchiveProject, UnarchiveProjectHandler
from app.commands.projects.unlink_project_member import (
    UnlinkProjectMember,
    UnlinkProjectMemberHandler,
)
from app.commands.projects.update_project import UpdateProject, UpdateProjectHandler
from app.commands.tasks.cancel_task import CancelTask, CancelTaskHandler
from app.commands.tasks.change_tasks import ChangeTasks, ChangeTasksHandler
from app.commands.tasks.complete_task import CompleteTask, CompleteTaskHandler
from app.commands.tasks.create_task import CreateTask, CreateTaskHandler
from app.commands.tasks.delete_task import DeleteTask, DeleteTaskHandler
from app.commands.tasks.reopen_task import ReopenTask, ReopenTaskHandler
from app.commands.tasks.start_task import StartTask, StartTaskHandler
from app.commands.tasks.submit_task import SubmitTask, SubmitTaskHandler
from app.commands.tasks.update_task import UpdateTask, UpdateTaskHandler
from app.commands.webhooks.create_webhook import CreateWebhook, CreateWebhookHandler
from app.commands.webhooks.delete_webhook import DeleteWebhook, DeleteWebhookHandler
from app.commands.webhooks.ping_webhook import PingWebhook, PingWebhookHandler
from app.commands.webhooks.redeliver_webhook import RedeliverWebhook, RedeliverWebhookHandler
from app.commands.webhooks.rotate_webhook_secret import (
    RotateWebhookSecret,
    RotateWebhookSecretHandler,
)
from app.commands.webhooks.update_webhook import UpdateWebhook, UpdateWebhookHandler
from app.core.settings import Settings
from app.db.changes import WatchedDatabase
from app.db.engine import Database
from app.db.files import FileStore
from app.jobs import JOBS, SCHEDULES
from app.queries.accounts.get_tenant import GetTenant, GetTenantHandler
from app.queries.accounts.list_audit_entries import ListAuditEntries, ListAuditEntriesHandler
from app.queries.attachments.download_attachment import (
    DownloadAttachment,
    DownloadAttachmentHandler,
)
from app.queries.attachments.get_attachment import GetAttachment, GetAttachmentHandler
from app.queries.attachments.list_attachments import ListAttachments, ListAttachmentsHandler
from app.queries.comments.get_comment import GetComment, GetCommentHandler
from app.queries.comments.list_comments import ListComments, ListCommentsHandler
from app.queries.comments.list_deleted_comments import (
    ListDeletedComments,
    ListDeletedCommentsHandler,
)
from app.queries.jobs.get_job import GetJob, GetJobHandler
from app.queries.jobs.get_run import GetRun, GetRunHandler
from app.queries.jobs.list_jobs import ListJobs, ListJobsHandler
from app.queries.jobs.list_runs import ListRuns, ListRunsHandler
from app.queries.jobs.list_schedules import ListSchedules, ListSchedulesHandler
from app.queries.labels.get_label import GetLabel, GetLabelHandler
from app.queries.labels.list_labels import ListLabels, ListLabelsHandler
from app.queries.projects.get_project import GetProject, GetProjectHandler
from app.queries.projects.list_projects import ListProjects, ListProjectsHandler
from app.queries.projects.project_statistics import ProjectStatistics, ProjectStatisticsHandler
from app.queries.tasks.get_task import GetTask, GetTaskHandler
from app.queries.tasks.list_tasks import ListTasks, ListTasksHandler
from app.queries.tasks.my_tasks import MyTasks, MyTasksHandler
from app.queries.webhooks.get_webhook import GetWebhook, GetWebhookHandler
from app.queries.webhooks.get_webhook_delivery import GetWebhookDelivery, GetWebhookDeliveryHandler
from app.queries.webhooks.list_webhook_deliveries import (
    ListWebhookDeliveries,
    ListWebhookDeliveriesHandler,
)
from app.queries.webhooks.list_webhooks import ListWebhooks, ListWebhooksHandler


def register_handlers(
    dispatcher: Dispatcher, database: WatchedDatabase, settings: Settings
) -> None:
    """Register the handlers with `dispatcher`."""
    _register_projects(dispatcher, database, settings)
    _register_labels(dispatcher, database, settings)
    _register_tasks(dispatcher, database, settings)
    _register_comments(dispatcher, database, settings)
    _register_attachments(dispatcher, database, settings)
    _register_tenants(dispatcher, database)
    _register_audit_entries(dispatcher, database, settings)
    _register_jobs(dispatcher, database)
    _register_runs(dispatcher, database)
    _register_webhooks(dispatcher, database, settings)
    _register_inbox(dispatcher, database)


def _register_projects(
    dispatcher: Dispatcher, database: WatchedDatabase, settings: Settings
) -> None:
    register = dispatcher.register
    register(CreateProject, CreateProjectHandler(database, settings))
    register(GetProject, GetProjectHandler(database))
    register(ListProjects, ListProjectsHandler(database))
    register(UpdateProject, UpdateProjectHandler(database, settings))
    register(DeleteProject, DeleteProjectHandler(database, settings))
    register(LinkProjectMember, LinkProjectMemberHandler(database, settings))
    register(UnlinkProjectMember, UnlinkProjectMemberHandler(database, settings))
    register(ArchiveProject, ArchiveProjectHandler(database, settings))
    register(UnarchiveProject, UnarchiveProjectHandler(database, settings))
    register(ProjectStatistics, ProjectStatisticsHandler(database))


def _register_labels(dispatcher: Dispatcher, database: Database, settings: Settings) -> None:
    register = dispatcher.register
    register(CreateLabel, CreateLabelHandler(database, settings))
    register(GetLabel, GetLabelHandler(database))
    register(ListLabels, ListLabelsHandler(database))
    register(UpdateLabel, UpdateLabelHandler(database, settings))
    register(DeleteLabel, DeleteLabelHandler(database, settings))


def _register_tasks(dispatcher: Dispatcher, database: Database, settings: Settings) -> None:
    register = dispatcher.register
    register(CreateTask, CreateTaskHandler(database, settings))
    register(GetTask, GetTaskHandler(database))
    register(ListTasks, ListTasksHandler(database))
    register(UpdateTask, UpdateTaskHandler(database, settings))
    register(DeleteTask, DeleteTaskHandler(database, settings))
    register(StartTask, StartTaskHandler(database, settings))
    register(SubmitTask, SubmitTaskHandler(database, settings))
    register(CompleteTask, CompleteTaskHandler(database, settings))
    register(CancelTask, CancelTaskHandler(database, settings))
    register(ReopenTask, ReopenTaskHandler(database, settings))
    register(MyTasks, MyTasksHandler(database))
    register(ChangeTasks, ChangeTasksHandler(database, settings))


def _register_comments(dispatcher: Dispatcher, database: Database, settings: Settings) -> None:
    register = dispatcher.register
    register(CreateComment, CreateCommentHandler(database, settings))
    register(GetComment, GetCommentHandler(database))
    register(ListComments, ListCommentsHandler(database))
    register(UpdateComment, UpdateCommentHandler(database, settings))
    register(DeleteComment, DeleteCommentHandler(database, settings))
    register(RestoreComment, RestoreCommentHandler(database, settings))
    register(ListDeletedComments, ListDeletedCommentsHandler(database))


def _register_attachments(dispatcher: Dispatcher, database: Database, settings: Settings) -> None:
    register = dispatcher.register
    files = FileStore(settings, "attachments")
    register(CreateAttachment, CreateAttachmentHandler(database, settings, files))
    register(GetAttachment, GetAttachmentHandler(database))
    register(DownloadAttachment, DownloadAttachmentHandler(database, files))
    register(ListAttachments, ListAttachmentsHandler(database))
    register(DeleteAttachment, DeleteAttachmentHandler(database, settings, files))


def _register_tenants(dispatcher: Dispatcher, database: Database) -> None:
    register = dispatcher.register
    register(GetTenant, GetTenantHandler(database))
    register(UpdateTenant, UpdateTenantHandler(database))


def _register_audit_entries(dispatcher: Dispatcher, database: Database, settings: Settings) -> None:
    register = dispatcher.register
    register(ListAuditEntries, ListAuditEntriesHandler(database))


def _register_jobs(dispatcher: Dispatcher, database: Database) -> None:
    register = dispatcher.register
    register(ListJobs, ListJobsHandler(database))
    register(GetJob, GetJobHandler(database))
    register(ReplayJob, ReplayJobHandler(database))
    register(ReplayJobs, ReplayJobsHandler(database))
    register(DiscardJob, DiscardJobHandler(database))
    register(DiscardJobs, DiscardJobsHandler(database))
    register(CancelJob, CancelJobHandler(database))
    register(ListSchedules, ListSchedulesHandler(database, SCHEDULES))


def _register_runs(dispatcher: Dispatcher, database: Database) -> None:
    register = dispatcher.register
    register(ListRuns, ListRunsHandler(database, JOBS))
    register(GetRun, GetRunHandler(database, JOBS))
    register(CancelRun, CancelRunHandler(database, JOBS))


def _register_webhooks(dispatcher: Dispatcher, database: Database, settings: Settings) -> None:
    register = dispatcher.register
    register(CreateWebhook, CreateWebhookHandler(database, settings))
    register(ListWebhooks, ListWebhooksHandler(database))
    register(GetWebhook, GetWebhookHandler(database))
    register(UpdateWebhook, UpdateWebhookHandler(database, settings))
    register(DeleteWebhook, DeleteWebhookHandler(database))
    register(RotateWebhookSecret, RotateWebhookSecretHandler(database, settings))
    register(PingWebhook, PingWebhookHandler(database))
    register(ListWebhookDeliveries, ListWebhookDeliveriesHandler(database))
    register(GetWebhookDelivery, GetWebhookDeliveryHandler(database))
    register(RedeliverWebhook, RedeliverWebhookHandler(database))


def _register_inbox(dispatcher: Dispatcher, database: Database) -> None:
    register = dispatcher.register_public
    register(ReceiveMessage, ReceiveMessageHandler(database))
