"""The forms in which the tests of this folder run."""

import pytest

from tests import golden_traces
from tests.variants import golden_variants


@pytest.fixture(scope="module", autouse=True, params=golden_traces.TRACED_FORMS)
def form(request):
    """The form of the search networks that `golden_variants` makes."""
    with golden_traces.traced_device(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(golden_variants, "form_of_networks", request.param)
        yield request.param
