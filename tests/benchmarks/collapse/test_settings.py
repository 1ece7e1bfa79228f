from benchmarks.collapse.settings import COMPARED, CollapseConfig


def test_all_methods_are_searched_before_the_next_seed():
    searches = CollapseConfig(seeds=2).searches()
    assert len(searches) == len(set(searches)) == 2 * 2 * len(COMPARED)
    assert [search.seed for search in searches] == sorted(s.seed for s in searches)
