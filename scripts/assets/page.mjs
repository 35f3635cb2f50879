// What a page needs from others: three components of the Design System, and the box that finds a page.
import { ErrorSummary, ServiceNavigation, SkipLink, createAll } from "govuk-frontend";
import accessibleAutocomplete from "accessible-autocomplete";

window.govuk = { ErrorSummary, ServiceNavigation, SkipLink, createAll };
window.accessibleAutocomplete = accessibleAutocomplete;
