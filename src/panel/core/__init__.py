"""The types everything else is built of: frame, formula, design, absorber, estimate, covariance.

The panel
    frame (keys, grouping, column, steps, report, report_words, expressed), units (unit_words,
    measures), lineage (lineage_graph, lineage_words), citations, spatial_weights.
Formulas
    formula (expansion), expression (evaluation, derivatives), terms (categories), hypothesis.
From data to numbers
    build (sample, rank, subset) makes a design with its absorber; verb checks what users give.
Estimates
    least_squares (clusters), estimate (scores, vcov, prediction, provenance, summary), test,
    instruments (identification); fields shows settings in a notebook.
Words and files
    wording, headings, labels and notes in three languages; precision of printed figures; toml.
"""
