-- All rows of totals; the columns' names and the table's stand in the definition.
select {columns} from {table}
