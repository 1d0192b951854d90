"""Measures pairs of texts with rouge-score and sacrebleu.

    python measure_texts.py FILE        FILE holds a JSON list of [text, reference]; prints a list of [rouge, bleu]
"""
import json
import sys

import sacrebleu
from rouge_score import rouge_scorer

scorer = rouge_scorer.RougeScorer(["rouge1"], use_stemmer=False)
values = []
for text, reference in json.load(open(sys.argv[1], encoding="utf-8")):
    rouge = scorer.score(reference, text)["rouge1"].recall
    values.append([rouge, sacrebleu.sentence_bleu(text, [reference]).score / 100])
print(json.dumps(values))
