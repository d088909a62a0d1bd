select
    max_backdating_days, max_import_backdating_days, reasons, note_required, four_eyes_above
from school_policies
where school = $1
