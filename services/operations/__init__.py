"""Operations: what one command asks for many learners (M2, M3, B6).

An operation is admitted in parts of up to 1,000 rows, validated, and then carried out chunk by
chunk: each row becomes the commands of one learner, whose ids follow from the operation's, and
they are carried out as any other. So a chunk that is done twice does nothing twice.
"""
