"""The closed loop on faults that were put in: what defib does unattended, beside what else one could have done."""
