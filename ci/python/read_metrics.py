"""Reads our metrics with prometheus_client's parser: every family has a type that Prometheus knows and a text, every sample
belongs to a family, the buckets of a histogram only grow and end in its count.

usage: read_metrics.py FILE
"""

import collections
import math
import pathlib
import sys

from prometheus_client.parser import text_string_to_metric_families

families = list(text_string_to_metric_families(pathlib.Path(sys.argv[1]).read_text()))
assert len(families) > 30, [family.name for family in families]
samples, histograms = 0, 0
for family in families:
    assert family.type in ("counter", "gauge", "histogram"), (family.name, family.type)
    assert family.documentation.endswith("."), family.name
    assert family.samples, family.name
    names = {sample.name for sample in family.samples}
    expected = {
        "counter": {family.name + "_total"},
        "gauge": {family.name},
        "histogram": {family.name + end for end in ("_bucket", "_sum", "_count")},
    }[family.type]
    assert names == expected, (family.name, names)
    seen = set()
    buckets, counts = collections.defaultdict(list), {}
    for sample in family.samples:
        samples += 1
        key = (sample.name, tuple(sorted(sample.labels.items())))
        assert key not in seen, f"twice: {key}"
        seen.add(key)
        assert not math.isnan(sample.value), key
        rest = tuple(sorted((name, value) for name, value in sample.labels.items() if name != "le"))
        if sample.name.endswith("_bucket") and family.type == "histogram":
            buckets[rest].append((float(sample.labels["le"]), sample.value))
        elif sample.name.endswith("_count") and family.type == "histogram":
            counts[rest] = sample.value
    for labels, sizes in buckets.items():
        histograms += 1
        assert sizes == sorted(sizes), (family.name, labels, "bounds and counts only grow")
        assert [count for _, count in sizes] == sorted(count for _, count in sizes), (family.name, labels)
        assert sizes[-1] == (math.inf, counts[labels]), (family.name, labels, "the last bucket holds all")
print(f"{len(families)} metrics, {samples} samples, {histograms} histograms")
