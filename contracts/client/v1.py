"""Every operation of the API by its ``operationId`` in docs/reference/openapi.json."""

from .. import commands as command
from .. import operations as operation
from .calls import audit as audits
from .calls import commands, learners, privacy, reads, reports, school
from .calls import imports as files
from .calls import progress as whole
from .calls import schedules as planned
from .calls import webhooks as hooks
from .methods import Asks, Follows, Lists


class V1:
    """The methods of both clients; what each takes and answers stands at its function."""

    me = Asks(reads.me)

    enroll_learner = Asks(commands.carries(command.EnrollLearner))
    unenroll_learner = Asks(commands.carries(command.UnenrollLearner))
    record_activity = Asks(commands.carries(command.RecordActivity))
    mark_complete = Asks(commands.carries(command.MarkComplete))
    import_completion = Asks(commands.carries(command.ImportCompletion))
    reset_progress = Asks(commands.carries(command.ResetProgress))
    undo_command = Asks(commands.carries(command.UndoCommand))
    bulk_enroll = Asks(commands.carries(operation.BulkEnroll))
    bulk_mark_complete = Asks(commands.carries(operation.BulkMarkComplete))
    bulk_reset_progress = Asks(commands.carries(operation.BulkResetProgress))
    bulk_import = Asks(commands.carries(operation.BulkImport))
    undo_operation = Asks(commands.carries(operation.UndoOperation))
    control_operation = Asks(commands.carries(operation.ControlOperation))
    get_result = Asks(commands.get_result)

    get_learner = Lists(learners.get_learner)
    programs_of_learner = Asks(learners.programs_of_learner)
    courses_of_learner = Lists(learners.courses_of_learner)
    course_of_learner = Asks(learners.course_of_learner)
    attempts_of_learner = Lists(learners.attempts_of_learner)
    attempt_of_learner = Asks(learners.attempt_of_learner)
    events_of_learner = Lists(learners.events_of_learner)

    progress = Lists(whole.progress)
    activities = Lists(whole.activities)

    learners = Lists(school.learners)
    page_of_learners = Asks(school.page_of_learners)
    searches = Lists(school.searches)
    get_search = Asks(school.get_search)
    put_search = Asks(school.put_search)
    delete_search = Asks(school.delete_search)
    find_users = Asks(reads.find_users)
    events = Lists(school.events)
    courses = Lists(school.courses)
    get_course = Asks(school.get_course)
    programs = Lists(school.programs)
    get_program = Asks(school.get_program)
    learners_of_program = Lists(school.learners_of_program)
    due = Lists(school.due)

    upload_import = Asks(files.upload_import)
    imports = Lists(files.imports)
    get_import = Asks(files.get_import)
    run_import = Asks(files.run_import)
    remove_import = Asks(files.remove_import)
    problems_of_import = Lists(files.problems_of_import)
    errors_of_import = Asks(files.errors_of_import)
    import_template = Asks(files.import_template)
    import_example = Asks(files.import_example)

    webhooks = Asks(hooks.webhooks)
    create_webhook = Asks(hooks.create_webhook)
    get_webhook = Asks(hooks.get_webhook)
    change_webhook = Asks(hooks.change_webhook)
    remove_webhook = Asks(hooks.remove_webhook)
    disable_webhook = Asks(hooks.disable_webhook)
    enable_webhook = Asks(hooks.enable_webhook)
    rotate_webhook_secret = Asks(hooks.rotate_webhook_secret)
    attempts_of_webhook = Asks(hooks.attempts_of_webhook)
    try_webhook = Asks(hooks.try_webhook)
    resend_to_webhook = Asks(hooks.resend_to_webhook)
    deliveries_of_webhook = Lists(hooks.deliveries_of_webhook)

    schedules = Asks(planned.schedules)
    get_schedule = Asks(planned.get_schedule)
    put_schedule = Asks(planned.put_schedule)
    remove_schedule = Asks(planned.remove_schedule)
    enable_schedule = Asks(planned.enable_schedule)
    disable_schedule = Asks(planned.disable_schedule)
    preview_schedule = Asks(planned.preview_schedule)
    policy = Asks(planned.policy)
    set_policy = Asks(planned.set_policy)
    slots_of_schedule = Lists(planned.slots_of_schedule)

    time_report = Asks(reports.time_report)
    time_by_learner = Lists(reports.time_by_learner)
    count_report = Asks(reports.count_report)
    funnel = Asks(reports.funnel)
    activity_funnel = Asks(reports.activity_funnel)
    scores = Asks(reports.scores)
    days = Asks(reports.days)
    standing = Asks(reports.standing)

    operations = Lists(reads.operations)
    get_operation = Asks(reads.get_operation)
    events_of_operation = Follows(reads.events_of_operation)
    errors_of_operation = Asks(reads.errors_of_operation)
    sent_of_operation = Asks(reads.sent_of_operation)
    sent_of_command = Asks(reads.sent_of_command)
    rows_of_operation = Lists(reads.rows_of_operation)
    audit = Lists(audits.audit)

    export_person = Asks(privacy.export_person)
    holdings_of_person = Asks(privacy.holdings_of_person)
    erase_person = Asks(privacy.erase_person)
    erasure_of_person = Asks(privacy.erasure_of_person)
    erasures = Lists(privacy.erasures)

    # Any command, whichever its operation is.
    carry_out = Asks(commands.carry_out)
    send = Asks(commands.send)
    preview = Asks(commands.preview)
